/**
 * The HTTP endpoint for health checks: `GET /healthz`.
 * @module
 */
import type { HealthReport } from "../../bot/mod.ts";
import { type Answer, endpoint } from "./endpoint.ts";

/** The path, as monitors and orchestrators expect it. */
export const HEALTH_PATH = "/healthz";

/** Answers health checks, and nothing else. */
export function healthEndpoint(
  report: () => Pick<HealthReport, "healthy" | "text">,
): (request: Request) => Response {
  return endpoint({ [HEALTH_PATH]: () => healthAnswer(report()) });
}

/** The answer to a health check: 200 if healthy, otherwise 503, both with the report's words. */
export function healthAnswer({ healthy, text }: Pick<HealthReport, "healthy" | "text">): Answer {
  return { status: healthy ? 200 : 503, text: `${text}\n` };
}
