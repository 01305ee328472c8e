/**
 * HTTP responses, in the formats that the server uses.
 * @module
 */

import { dumpsSorted } from "../base/python_json.ts";
import { escapeHtml } from "../base/python_text.ts";

/** An HTTP response, before it is written. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** A JSON response. */
export function json(status: number, body: unknown, headers: Reply["headers"] = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: dumpsSorted(body) + "\n",
  };
}

/** An RFC 9457 problem. `slug` is the end of its `type` URL. */
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

/** An HTML page. The arguments are not escaped, so they must not contain text from outside. */
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

/** The 404 page. */
export function notFound(): Reply {
  const text = "The requested URL was not found on the server. If you entered the URL manually " +
    "please check your spelling and try again.</p>";
  return page(404, "404 Not Found", "Not Found", text);
}

/** The 405 page; `allow` lists the methods of the path. */
export function methodNotAllowed(allow: string): Reply {
  const text = "The method is not allowed for the requested URL.</p>";
  return page(405, "405 Method Not Allowed", "Method Not Allowed", text, { allow });
}

/** A redirect. The browser follows 302 with GET, and 308 with the same method. */
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
