import * as z from "zod";
import { BODY_ERRORS, JSON_TYPE, operation } from "./operation.ts";
import * as publishing from "./publishing.ts";
import { ErrorReply } from "./replies.ts";

const MINT = {
  post: operation("A workflow run's own token for a short-lived one of ours (trusted publishing)", {
    body: { [JSON_TYPE]: publishing.PublishingRequest },
    replies: { 200: publishing.MintReply, 413: ErrorReply, 422: publishing.MintRefusal, 503: publishing.MintRefusal },
  }),
};

const NO_LOGIN = { 404: ErrorReply };

/** Trusted publishing, people's login, and what OAuth's clients look for beside `/introspect`. */
export const PUBLISHING_PATHS = {
  "/_/oidc/audience": {
    get: operation("The audience that a workflow run asks GitHub for", { replies: { 200: publishing.AudienceReply } }),
  },
  "/_/oidc/mint-token": MINT,
  "/_/oidc/github/mint-token": MINT,
  "/_/login": {
    get: operation("Where and as which App a person logs in, by GitHub's device flow", {
      replies: { 200: publishing.LoginReply, ...NO_LOGIN },
    }),
  },
  "/_/login/mint-token": {
    post: operation("What GitHub's device flow gave for a token of ours, which lives 12 hours", {
      body: { [JSON_TYPE]: publishing.LoginRequest },
      replies: {
        200: publishing.MintReply,
        413: ErrorReply,
        422: publishing.LoginRefusal,
        503: publishing.LoginRefusal,
        ...NO_LOGIN,
      },
    }),
  },
  "/_/oidc/burn-token": {
    post: operation("Ends a token of ours; says the same whatever it was", {
      body: { [JSON_TYPE]: publishing.PublishingRequest },
      replies: { 202: publishing.BurnReply, 413: ErrorReply },
    }),
  },
  "/revoke": {
    post: operation("Ends a token of ours (RFC 7009)", {
      body: { "application/x-www-form-urlencoded": publishing.RevokeRequest },
      replies: { 200: z.object({}), 401: ErrorReply, 415: ErrorReply, 503: ErrorReply, ...BODY_ERRORS },
      guarded: true,
    }),
  },
  "/.well-known/oauth-authorization-server": {
    get: operation("What OAuth's clients look for (RFC 8414)", { replies: { 200: publishing.MetadataReply } }),
  },
};
