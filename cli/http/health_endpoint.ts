/**
 * The HTTP endpoint for health checks: `GET /healthz`.
 * @module
 */
import type { HealthReport } from "../../bot/mod.ts";

/** The path, as monitors and orchestrators expect it. */
export const HEALTH_PATH = "/healthz";

/**
 * Answers health checks: 200 while `report` says healthy, otherwise 503, both with the report's words.
 * Any other path is a 404, and any other method a 405.
 */
export function healthEndpoint(
  report: () => Pick<HealthReport, "healthy" | "text">,
): (request: Request) => Response {
  return ({ url, method }) => {
    if (new URL(url).pathname !== HEALTH_PATH) return answer(404, `Only ${HEALTH_PATH} is here.`);
    if (method !== "GET" && method !== "HEAD") {
      return answer(405, "Send a GET.", { allow: "GET, HEAD" });
    }
    const { healthy, text } = report();
    return answer(healthy ? 200 : 503, text);
  };
}

function answer(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { "cache-control": "no-store", ...headers },
  });
}
