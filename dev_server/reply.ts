/**
 * What an HTTP route answers, and the forms of it that the server uses.
 * @module
 */

import { dumpsSorted } from "./python_json.ts";
import { escapeHtml } from "./python_text.ts";

/** An HTTP response, before it is written. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Reply["headers"] = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: dumpsSorted(body) + "\n",
  };
}

/** A failure in the form of RFC 9457; `slug` ends the URL that names its kind. */
export function problem(
  status: number,
  slug: string,
  title: string,
  detail: string,
  instance: string,
): Reply {
  const type = `https://roomz.local/errors/${slug}`;
  return json(status, { type, title, status, detail, instance });
}

/** A page. What it is given is written as it is, so it must not come from outside. */
export function page(
  status: number,
  title: string,
  heading: string,
  content: string,
  headers: Reply["headers"] = {},
): Reply {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
    body: `<!doctype html>
<html lang=en>
<title>${title}</title>
<h1>${heading}</h1>
<p>${content}
`,
  };
}

/** Says that there is no such path. */
export function notFound(): Reply {
  const text = "The requested URL was not found on the server. If you entered the URL manually " +
    "please check your spelling and try again.</p>";
  return page(404, "404 Not Found", "Not Found", text);
}

/** Says which methods a path has. */
export function methodNotAllowed(allow: string): Reply {
  const text = "The method is not allowed for the requested URL.</p>";
  return page(405, "405 Method Not Allowed", "Method Not Allowed", text, { allow });
}

/** Sends the browser elsewhere, with GET or, where the status says so, with the same method. */
export function redirect(
  location: string,
  headers: Reply["headers"] = {},
  status: 302 | 308 = 302,
): Reply {
  const shown = escapeHtml(location);
  const text = "You should be redirected automatically to the target URL: " +
    `<a href="${shown}">${shown}</a>. If not, click the link.`;
  return page(status, "Redirecting...", "Redirecting...", text, { location, ...headers });
}
