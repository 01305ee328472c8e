/**
 * The page at `/`, where a magic link leads to.
 * @module
 */
import type { Route } from "./http_routes.ts";
import { page } from "./reply.ts";

const TITLE = "Roomz development server";
const TEXT = "This server is for trying and testing Roomz: it keeps everything in memory, " +
  "forgets it when it stops, and is not made to face a network. There is nothing to chat on here: " +
  "connect a client. If the address of this page ends in ?error=, the magic link was wrong, used " +
  "or too old, or its owner may not log in: ask for another one.";

/** Says what this server is. */
export const homePage: Route = {
  method: "GET",
  answer: () => page(200, TITLE, TITLE, `${TEXT}</p>`),
};
