//! The demo village. [`plan`] says, as plain values, who lives there and what happens in a year; performing it goes
//! through the same use cases as any other entry.

pub mod plan;
