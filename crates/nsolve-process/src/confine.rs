use std::path::Path;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, PathBeneath, PathFd, RestrictionStatus, Ruleset,
    RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope,
};

/// Confines this thread, and what it starts from now on: it writes in no folder
/// but this one, uses no TCP, and signals nobody outside. Whether the kernel can
/// do any of this; one that knows less does less.
///
/// A confined thread stays so. Call this on a thread that ends.
pub(crate) fn confine_this_thread(folder: &Path) -> bool {
    let status = restrict(folder);
    status.is_ok_and(|s| s.ruleset != RulesetStatus::NotEnforced)
}

fn restrict(folder: &Path) -> Result<RestrictionStatus, Box<dyn std::error::Error>> {
    let abi = ABI::V6;
    let mut rules = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?;
    let allowed = [
        (Path::new("/"), AccessFs::from_read(abi)),
        (folder, AccessFs::from_all(abi)),
        (
            Path::new("/dev/null"),
            AccessFs::ReadFile | AccessFs::WriteFile,
        ),
    ];
    for (path, access) in allowed {
        rules = rules.add_rule(PathBeneath::new(PathFd::new(path)?, access))?;
    }
    rules.restrict_self().map_err(|e: RulesetError| e.into())
}
