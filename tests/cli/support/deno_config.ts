/**
 * The Deno configuration that the tests run with.
 * @module
 */
import { fromFileUrl } from "@std/path";

/** Its path, for the Deno processes that tests start. */
export const denoConfig: string = Deno.env.get("ROOMZ_DENO_CONFIG") ??
  fromFileUrl(new URL("../../../deno.json", import.meta.url));
