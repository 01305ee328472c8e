/**
 * The contract suite on older versions of the real server. Needs Python and PyPI.
 *
 * By default, runs the parts that need no special settings and no waiting. `ROOMZ_CONTRACT=whole` runs
 * everything, and the oldest server too.
 *
 * Two versions cannot pass: the package 0.1.0 has no server in it, and the server 0.1.1 knows no
 * display names.
 * @module
 */
import { assertEquals } from "@std/assert";
import { registerContract } from "./contract.ts";
import { findPythonWithRoomz, skipVersions } from "./support/python_environment.ts";
import { realTarget } from "./support/real_server.ts";
import { Scene } from "./support/scene.ts";
import { OTHER_EMAIL, type Target } from "./support/target.ts";

const whole = Deno.env.get("ROOMZ_CONTRACT") === "whole";

/** The server 0.1.1 has no display names. */
function registerWithoutDisplayNames(target: Target): void {
  Deno.test(`${target.name}: users have no display name, and setting one is not answered`, async () => {
    const server = await target.start({});
    try {
      await using scene = new Scene(server, OTHER_EMAIL);
      const user = { id: `user:${OTHER_EMAIL}`, email: OTHER_EMAIL };
      const wire = await scene.wire();
      await wire.next();
      wire.send("40");
      assertEquals((await wire.nextPayload("authenticated")).user, user);
      await wire.next();
      const other = await scene.join();
      assertEquals((await wire.nextPayload("user_joined")).user, user);
      wire.emit(1, "set_display_name", { display_name: "phone" });
      wire.emit(2, "message", { content: "a<b" });
      const message = await wire.nextPayload("message");
      assertEquals([message.user, message.content], [user, "a&lt;b"]);
      assertEquals((await wire.nextAck(2)).message_id, message.id);
      assertEquals(await other.nextPayload("message"), message);
    } finally {
      await server.stop();
    }
  });
}

const skipped = new Map<string, string>();
for (const version of ["0.1.2", "0.3.1", ...(whole ? ["0.1.1"] : [])]) {
  const found = await findPythonWithRoomz(version);
  if ("missing" in found) {
    skipped.set(version, found.missing);
    continue;
  }
  const target = realTarget(found.python, `roomz ${version}`);
  if (version === "0.1.1") registerWithoutDisplayNames(target);
  else registerContract(target, whole ? "whole" : "as deployed");
}
skipVersions("the contract suite was not run on roomz", skipped);
