-- What an article looks like: a thumbnail that can be replaced and taken away. No posting follows from it.

create table goods_picture (
    book_id blob not null,
    sku integer not null,
    -- SHA-256 of the bytes
    digest blob not null,
    -- a small JPEG without metadata
    bytes blob not null,
    set_at integer not null,
    set_by text not null,
    primary key (book_id, sku),
    foreign key (book_id, sku) references goods (book_id, sku)
) strict;
