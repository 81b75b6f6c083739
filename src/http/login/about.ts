import { ServiceError } from "../../errors.ts";
import type { LoginReply } from "../contract/publishing.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService, Login } from "../service.ts";

/** `GET /_/login`: what `packgate login` needs to know before it goes to GitHub. */
export function login({ login: port }: HttpService): Handler {
  return (exchange) => {
    const { clientId, deviceAuthorizationEndpoint, tokenEndpoint } = offered(port);
    const reply: LoginReply = {
      client_id: clientId,
      device_authorization_endpoint: deviceAuthorizationEndpoint,
      token_endpoint: tokenEndpoint,
    };
    send(exchange, 200, JSON.stringify(reply));
  };
}

/** How to log in here, or `not_found` with what would have to be set. */
export function offered(login: Login | undefined): Login {
  if (login === undefined) throw new ServiceError("not_found", NOT_OFFERED);
  return login;
}

const NOT_OFFERED =
  "Nobody can log in here: GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET are not set; copy them from the App's settings page on GitHub.";
