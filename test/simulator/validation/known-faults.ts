/** Where GitHub's description is at fault. Each entry says why; every other violation is the simulator's. */
const faults: { violation: RegExp; why: string }[] = [
  {
    violation: /^GET \/app\/installations 200: \/\d+\/account /,
    why: "described as a user and an enterprise at once (allOf); the same object elsewhere, and GitHub, have either (anyOf)",
  },
  {
    violation: /^team\.\w+: \/repository .*"has_discussions"/,
    why: "team events describe the repository in an old form, written before discussions; GitHub sends the member",
  },
  {
    violation: /^fork: \/forkee\/owner .*"user_view_type"/,
    why: "the fork's owner is described without the member that every other account has, and GitHub sends",
  },
];

export function isKnownFault(violation: string): boolean {
  return faults.some((fault) => fault.violation.test(violation));
}
