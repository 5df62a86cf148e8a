//! Properties of awards over random claims: caps hold, replay is equal, more never earns less.
