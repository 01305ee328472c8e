/**
 * An HTTP endpoint that only answers questions: a text for each path.
 * @module
 */

/** What a path is answered with. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers GET and HEAD on the given paths; any other path is a 404, and any other method a 405. */
export function endpoint(
  paths: Readonly<Record<string, (request: Request) => Answer>>,
): (request: Request) => Response {
  const names = Object.keys(paths);
  const are = names.length === 1 ? "is" : "are";
  return (request) => {
    const { pathname } = new URL(request.url);
    const respond = Object.hasOwn(paths, pathname) ? paths[pathname] : undefined;
    if (respond === undefined) {
      return response({ status: 404, text: `Only ${names.join(", ")} ${are} here.\n` });
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return response({ status: 405, text: "Send a GET.\n", headers: { allow: "GET, HEAD" } });
    }
    return response(respond(request));
  };
}

function response({ status, text, headers = {} }: Answer): Response {
  return new Response(text, {
    status,
    headers: {
      "cache-control": "no-store",
      "content-type": "text/plain; charset=utf-8",
      ...headers,
    },
  });
}
