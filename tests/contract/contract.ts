/**
 * The contract of a Roomz server: the same tests for every target.
 * @module
 */
import { fail } from "@std/assert";
import { capacityContract } from "./capacity_contract.ts";
import { channelContract } from "./channel_contract.ts";
import { displayNameContract } from "./display_name_contract.ts";
import { engineContract } from "./engine_contract.ts";
import { heartbeatContract } from "./heartbeat_contract.ts";
import { httpContract } from "./http_contract.ts";
import { messageContract } from "./message_contract.ts";
import { reconnectionContract } from "./reconnection_contract.ts";
import { sessionContract } from "./session_contract.ts";
import { Scene } from "./support/scene.ts";
import {
  type StartOptions,
  type Target,
  type TargetServer,
  TEST_EMAILS,
} from "./support/target.ts";
import { wireContract } from "./wire_contract.ts";

/** The parts that need no special settings of the server. */
const AS_DEPLOYED = [
  httpContract,
  sessionContract,
  channelContract,
  messageContract,
  displayNameContract,
  reconnectionContract,
  wireContract,
  engineContract,
];

/** Registers the suite for a target: all of it, or only the parts that need no special settings. */
export function registerContract(
  target: Target,
  extent: "whole" | "as deployed" = "whole",
): void {
  const emails = TEST_EMAILS.values();
  const started: Promise<TargetServer>[] = [];

  /** Registers tests that share a server, which the first of them starts. */
  const onServer = (options: StartOptions) => {
    let server: Promise<TargetServer> | undefined;
    const start = () => {
      const starting = target.start(options);
      started.push(starting);
      return starting;
    };
    return (name: string, fn: (scene: Scene) => Promise<void>) =>
      Deno.test(`${target.name}: ${name}`, async () => {
        server ??= start();
        const email = emails.next().value ?? fail("TEST_EMAILS has too few addresses");
        await using scene = new Scene(await server, email);
        await fn(scene);
      });
  };

  const asDeployed = onServer({});
  for (const contract of AS_DEPLOYED) contract(asDeployed);
  if (extent === "whole") {
    heartbeatContract(onServer({ pingInterval: 1_000, pingTimeout: 1_000 }));
    capacityContract(onServer({ maxConnections: 2 }));
  }

  Deno.test.afterAll(async () => {
    for (const starting of started) {
      const server = await starting.catch(() => undefined);
      await server?.stop();
    }
  });
}
