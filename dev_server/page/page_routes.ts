/**
 * The routes of the page: a small chat for browsers, to which magic links lead.
 *
 * The service shows its own chat there. Programs get the same response as ever, so the page is only
 * for requests that accept HTML.
 * @module
 */
import { homePage } from "../http/home_page.ts";
import type { Route, RouteRequest } from "../http/http_routes.ts";
import type { Reply } from "../http/reply.ts";
import { PAGE_HTML, PAGE_ICON } from "./page_html.ts";
import { PAGE_SCRIPT } from "./page_script.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { loadSocketIoClient, REMEDY, SOCKET_IO_CLIENT } from "./socket_io_client.ts";

/**
 * Everything comes from this server, and nothing can be made from a text: not a script, not a style,
 * not an element. Nobody can frame the page or change where it sends a form.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  // The address of a magic link contains a token.
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * The page at `/`, and the files that it loads, by path.
 *
 * @param log Gets the reason when socket.io's client cannot be loaded.
 */
export function pageRoutes(log: (text: string) => void): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ["/", { method: "GET", answer: home }],
    ["/page/chat.css", { method: "GET", answer: () => file("text/css", PAGE_STYLE) }],
    ["/page/chat.js", { method: "GET", answer: () => file("text/javascript", PAGE_SCRIPT) }],
    ["/page/icon.svg", { method: "GET", answer: () => file("image/svg+xml", PAGE_ICON) }],
    ["/page/socket.io.js", { method: "GET", answer: () => socketIoClient(log) }],
  ]);
}

function home(request: RouteRequest): Reply | Promise<Reply> {
  if (!acceptsHtml(request.headers.accept)) return homePage.answer(request);
  return file("text/html", PAGE_HTML, {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    vary: "Accept",
  });
}

async function socketIoClient(log: (text: string) => void): Promise<Reply> {
  try {
    return file("text/javascript", await loadSocketIoClient());
  } catch (error) {
    log(`The page's chat could not load ${SOCKET_IO_CLIENT}: ${error}`);
    const text = `The chat needs ${SOCKET_IO_CLIENT}, which the server could not load. ${REMEDY}`;
    return { ...file("text/plain", text), status: 503 };
  }
}

function file(type: string, body: string, headers: Reply["headers"] = {}): Reply {
  const contentType = `${type}; charset=utf-8`;
  return { status: 200, headers: { "content-type": contentType, ...HEADERS, ...headers }, body };
}

/** Whether an `Accept` header names HTML, as those of browsers do when they load a page. */
function acceptsHtml(accept = ""): boolean {
  return accept.split(",").some((entry) => {
    const [type = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    return type === "text/html" && !parameters.some((text) => /^q=0(?:\.0*)?$/.test(text));
  });
}
