/**
 * What an HTTP route answers, and the forms of it that the server uses.
 * @module
 */

/** An HTTP response, before it is written. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Reply["headers"] = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body) + "\n",
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

/** A page. `heading` and `text` are written as they are, so they must not come from outside. */
export function page(
  status: number,
  heading: string,
  text: string,
  headers: Reply["headers"] = {},
): Reply {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
    body: `<!doctype html>
<html lang="en">
<title>${heading}</title>
<h1>${heading}</h1>
<p>${text}</p>
`,
  };
}

/** Sends the browser elsewhere. */
export function redirect(location: string, headers: Reply["headers"] = {}): Reply {
  return page(302, "Redirecting...", `Go to <a href="${location}">${location}</a>.`, {
    location,
    ...headers,
  });
}
