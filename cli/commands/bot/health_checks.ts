/**
 * `--health`: the endpoint for health checks of a bot that a command runs.
 * @module
 */
import type { HealthReport } from "../../../bot/mod.ts";
import type { Io } from "../../command_line/io.ts";
import { addressText, type ListenAddress } from "../../http/listen_address.ts";
import { say } from "../../terminal/output.ts";

/** Answers health checks at the address until it is disposed, and says where. */
export async function answerHealthChecks(
  io: Io,
  address: ListenAddress,
  report: () => Pick<HealthReport, "healthy" | "text">,
): Promise<Disposable> {
  const { healthEndpoint, HEALTH_PATH } = await import("../../http/health_endpoint.ts");
  const { listen } = await import("../../http/listen.ts");
  const endpoint = listen("--health", address, healthEndpoint(report));
  await say(io, `Health checks: http://${addressText(endpoint.address)}${HEALTH_PATH}`);
  return endpoint;
}
