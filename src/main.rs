//! The `greencoin` program: hands its arguments to [`greencoin::cli`] and returns its exit code. Holds no logic.

fn main() -> std::process::ExitCode {
    greencoin::cli::main()
}
