//! The demo village. [`plan`] says, as plain values, who lives there and what happens in a year; [`perform`] does it,
//! through the same use cases as any other entry, with a clock that is moved along.

pub mod perform;
pub mod plan;
