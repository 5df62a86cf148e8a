//! A ledger as it is usually written, for the bench to compare with: accounts with balances, and one stored procedure
//! that makes one transfer. It locks the two rows in the order of their numbers, checks the balance, writes a transfer
//! and two entries and moves two balances; a key that was used gets the first transfer again. PostgreSQL only, in a
//! database of the bench's own.

use sqlx::{PgPool, postgres::PgPoolOptions};

use super::StoreResult;

const SCHEMA: &str = "
CREATE TABLE plain_account (id bigint PRIMARY KEY, balance bigint NOT NULL);
CREATE TABLE plain_transfer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE,
    payer bigint NOT NULL, payee bigint NOT NULL, amount bigint NOT NULL CHECK (amount > 0), at bigint NOT NULL);
CREATE TABLE plain_entry (transfer bigint NOT NULL, account bigint NOT NULL, amount bigint NOT NULL,
    balance bigint NOT NULL, PRIMARY KEY (transfer, account));
CREATE FUNCTION plain_move(k text, from_id bigint, to_id bigint, points bigint, moment bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    made bigint;
    had bigint;
    got bigint;
BEGIN
    INSERT INTO plain_transfer (key, payer, payee, amount, at) VALUES (k, from_id, to_id, points, moment)
        ON CONFLICT (key) DO NOTHING RETURNING id INTO made;
    IF made IS NULL THEN
        SELECT id INTO made FROM plain_transfer WHERE key = k;
        RETURN made;
    END IF;
    PERFORM 1 FROM plain_account WHERE id IN (from_id, to_id) ORDER BY id FOR UPDATE;
    SELECT balance INTO had FROM plain_account WHERE id = from_id;
    IF had < points THEN
        RAISE EXCEPTION 'too few points';
    END IF;
    UPDATE plain_account SET balance = balance - points WHERE id = from_id;
    UPDATE plain_account SET balance = balance + points WHERE id = to_id RETURNING balance INTO got;
    INSERT INTO plain_entry (transfer, account, amount, balance)
        VALUES (made, from_id, -points, had - points), (made, to_id, points, got);
    RETURN made;
END $$;
";

/// Connections to it, one a client.
#[derive(Debug, Clone)]
pub struct Procedure(PgPool);

impl Procedure {
    /// Creates it in the database at `url`, with accounts `0..accounts` that have `balance` each.
    pub async fn create(url: &str, clients: u32, accounts: i64, balance: i64) -> StoreResult<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(clients)
            .min_connections(clients)
            .test_before_acquire(false)
            .connect(url)
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        sqlx::query("INSERT INTO plain_account SELECT id, $2 FROM generate_series(0, $1 - 1) AS a(id)")
            .bind(accounts)
            .bind(balance)
            .execute(&pool)
            .await?;
        Ok(Self(pool))
    }

    /// One transfer; durable when this returns. The number of the transfer.
    pub async fn transfer(
        &self,
        key: &str,
        payer: i64,
        payee: i64,
        amount: i64,
        at: i64,
    ) -> StoreResult<i64> {
        Ok(sqlx::query_scalar("SELECT plain_move($1, $2, $3, $4, $5)")
            .bind(key)
            .bind(payer)
            .bind(payee)
            .bind(amount)
            .bind(at)
            .fetch_one(&self.0)
            .await?)
    }

    /// The sum of all balances, which transfers leave as it is.
    pub async fn sum(&self) -> StoreResult<i64> {
        let sum = "SELECT CAST(SUM(balance) AS BIGINT) FROM plain_account";
        Ok(sqlx::query_scalar(sum).fetch_one(&self.0).await?)
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.0.close().await;
    }
}
