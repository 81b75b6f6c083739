import { audience, issuers } from "./oidc.ts";
import { parseSigningKeys } from "./signing-keys.ts";
import { variable } from "./variable.ts";

/** Whose workflow runs are believed, and what signs the tokens that they get. */
export const PUBLISHING_VARIABLES = {
  oidcIssuers: variable({
    name: "PACKGATE_OIDC_ISSUERS",
    meaning: "who may vouch for workflow runs, comma separated; an enterprise may have an issuer of its own",
    example: "https://token.actions.githubusercontent.com",
    parse: issuers,
    unset: "GitHub Actions' own, or that of `GHE_HOST`",
  }),
  oidcAudience: variable({
    name: "PACKGATE_OIDC_AUDIENCE",
    meaning: "the audience that workflow runs must ask GitHub for",
    example: "packgate",
    parse: audience,
    default: "packgate",
  }),
  signingKeys: variable({
    name: "PACKGATE_SIGNING_KEY",
    meaning:
      "key for the tokens that Packgate makes: P-256 or Ed25519, as PEM or JWK; of several PEMs, or a JWK set, the first signs",
    example: "",
    parse: parseSigningKeys,
    unset: "one is made and kept in `PACKGATE_STATE`",
  }),
};
