/**
 * What programs get at `/`, to which magic links redirect. Browsers get the page of `dev_server/page/`.
 * @module
 */
import type { Route } from "./http_routes.ts";
import { page } from "./reply.ts";

const TITLE = "Roomz development server";
const TEXT = "This server is for development and tests of Roomz. It keeps everything in memory, " +
  "forgets it when it stops, and is not hardened for use on a network. To chat, open this address in a browser, or connect a client. " +
  "If this page's address contains ?error=, the magic link was invalid, already used or expired, or " +
  "its owner is not allowed to log in. Request a new link.";

/** Explains what this server is, also to clients that do not ask for HTML. */
export const homePage: Route = {
  method: "GET",
  answer: () => page(200, TITLE, TITLE, `${TEXT}</p>`),
};
