use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::output::Console;

pub(crate) fn completions(shell: Shell, console: &Console) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "nsolve", &mut script);
    console.out(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn man(console: &Console) -> Result<ExitCode, Failure> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    // One page: each command's own help follows the overview.
    for sub in command.get_subcommands_mut() {
        if sub.get_name() == "help" {
            continue;
        }
        let name: &'static str = Box::leak(format!("nsolve {}", sub.get_name()).into_boxed_str());
        let man = clap_mangen::Man::new(sub.clone().name(name));
        page.extend_from_slice(b".SH \"COMMAND ");
        page.extend_from_slice(name.to_uppercase().as_bytes());
        page.extend_from_slice(b"\"\n");
        man.render_description_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_options_section(&mut page)?;
        man.render_extra_section(&mut page)?;
    }
    console.out(&String::from_utf8_lossy(&page))?;
    Ok(ExitCode::SUCCESS)
}
