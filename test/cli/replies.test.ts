import { expect, it } from "vitest";
import type { z } from "zod";

import type { CLAIMS, DECISION, READINESS, REFUSAL, WHAT_CAN, WHO_CAN } from "../../src/cli/replies.ts";
import type * as server from "../../src/http/contract/replies.ts";

// The commands may meet an older or a newer server, so they take more than this one sends. They must not take
// less: each function compiles only if what the server sends fits what the command reads.
const fits = [
  (reply: server.AuthorizeReply): z.input<typeof DECISION> => reply,
  (reply: server.WhoCanReply): z.input<typeof WHO_CAN> => reply,
  (reply: server.WhatCanReply): z.input<typeof WHAT_CAN> => reply,
  (reply: server.ClaimsReply): z.input<typeof CLAIMS> => reply,
  (reply: server.ReadyReply): z.input<typeof READINESS> => reply,
  (reply: z.infer<typeof server.ErrorReply>): z.input<typeof REFUSAL> => reply,
];

it("the commands understand every reply of this server, says the compiler", () => {
  expect(fits).toHaveLength(6);
});
