/** How a server may handle a request. */
export const HANDLINGS = ["raw", "raw with body", "raw, long", "packgate", "express"] as const;
export type Handling = (typeof HANDLINGS)[number];

/** What is measured: a way to handle requests, and the requests. */
export const VARIANTS = {
  raw: { handling: "raw", request: "get", what: "raw node:http, constant reply" },
  rawBody: { handling: "raw with body", request: "authorize", what: "raw node:http, reads the body, constant reply" },
  rawLong: {
    handling: "raw, long",
    request: "pypicloud",
    what: "raw node:http, constant replies as long as pypicloud's",
  },
  nginx: { handling: "packgate", request: "get", what: "GET /authorize/nginx" },
  authorize: { handling: "packgate", request: "authorize", what: "POST /authorize" },
  introspect: { handling: "packgate", request: "introspect", what: "POST /introspect, one package" },
  pypicloud: { handling: "packgate", request: "pypicloud", what: "GET /pypicloud/…, as for a list of packages" },
  pypicloudOthers: {
    handling: "packgate",
    request: "pypicloudOthers",
    what: "GET /pypicloud/…, all but the map of everybody",
  },
  evaluation: { handling: "packgate", request: "evaluation", what: "POST /access/v1/evaluation" },
  express: { handling: "express", request: "authorize", what: "POST /authorize under Express" },
} as const satisfies Record<string, { handling: Handling; request: string; what: string }>;

export type Variant = keyof typeof VARIANTS;
export type RequestKind = (typeof VARIANTS)[Variant]["request"];
