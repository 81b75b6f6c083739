import { MAX_BODY_BYTES, readBody } from "../body.ts";
import type { MintRefusal, MintReply } from "../contract/publishing.ts";
import type { Exchange, Handler } from "../exchange.ts";
import { attempt, send } from "../exchange.ts";
import type { HttpService, WorkloadIdentity } from "../service.ts";
import type { Publishable } from "./publishable.ts";
import { publishable } from "./publishable.ts";
import { refuseToken } from "./refuse-token.ts";
import { tokenIn } from "./token-body.ts";

type Code = MintRefusal["error"];

/** `POST /_/oidc/mint-token`: a run's own token for one of ours, which any upload tool can use. Needs no index client: the token says it all. */
export function mintToken(service: HttpService): Handler {
  return (exchange) => {
    readBody(exchange, MAX_BODY_BYTES, (body) => {
      attempt(exchange, service.log, () => respond(service, exchange, tokenIn(body)));
    });
  };
}

async function respond(service: HttpService, exchange: Exchange, token: string | undefined): Promise<void> {
  const { publishing, log } = service;
  const refuse = (code: Code, description: string): void => refuseToken(log, exchange, code, description);
  if (token === undefined) return refuse("invalid-payload", 'send {"token": "the token that GitHub gave the job"}');

  const check = await publishing.verify(token);
  if (check.status === "unverifiable") return refuse("unavailable", UNVERIFIABLE);
  if (check.status === "inactive") return refuse("invalid-token", `the token ${check.problem}`);
  const found = look(service, check.identity);
  if (found.status !== "publishable") return refuse(CODES[found.status], found.message);

  const redeemed = await publishing.redeem(check.identity);
  if (redeemed === "spent")
    return refuse("invalid-token", "the token has been exchanged before; ask GitHub for another");
  if (redeemed === "too-old") return refuse("invalid-token", TOO_OLD);
  if (redeemed === "full")
    return refuse("unavailable", "too many tokens are alive, of this repository or of all; try again in some minutes");
  if (redeemed === "unkept") return refuse("unavailable", UNKEPT);
  const { run } = check.identity;
  const minted = await publishing.mint({ run, bounds: { packages: found.packages, permissions: ["read", "upload"] } });
  log.info(
    { requestId: exchange.id, repository: run.repository, ref: run.ref, event: run.event },
    "made a token for a run",
  );
  const reply: MintReply = { success: true, token: minted.token, expires: Math.floor(minted.expiresAt / 1000) };
  send(exchange, 200, JSON.stringify(reply));
}

function look({ organizations }: HttpService, { run }: WorkloadIdentity): Publishable {
  const view = organizations()
    .find(({ id }) => id === run.organization)
    ?.view();
  return view === undefined ? { status: "unknown", message: NOT_YET } : publishable(view, run);
}

const UNVERIFIABLE = "the issuer's keys cannot be read, or the organization is not served yet; try again shortly";
const TOO_OLD = "the token is from before Packgate remembers what was exchanged; ask GitHub for another";
const UNKEPT = "that the token is used up could not be written down; see /readyz, and ask GitHub for another then";
const NOT_YET = "the repository's organization is not served yet; try again shortly";
const CODES = { refused: "invalid-publisher", unknown: "unavailable" } as const satisfies Record<string, Code>;
