-- What an article looks like: a thumbnail that can be replaced and taken away. No posting follows from it.

create table goods_picture (
    book_id uuid not null,
    sku bigint not null,
    -- SHA-256 of the bytes
    digest bytea not null,
    -- a small JPEG without metadata
    bytes bytea not null,
    set_at bigint not null,
    set_by text not null,
    primary key (book_id, sku),
    foreign key (book_id, sku) references goods (book_id, sku)
);
