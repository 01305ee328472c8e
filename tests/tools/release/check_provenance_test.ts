import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { provenanceOf } from "../../../tools/release/check_provenance.ts";

/** What `provenanceOf` gets from a registry with these answers; the last one is repeated. */
async function ask(answers: readonly (() => Response)[]) {
  const paths: string[] = [];
  let pauses = 0;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    paths.push(new URL(request.url).pathname);
    const answer = answers[Math.min(paths.length, answers.length) - 1];
    return answer === undefined ? new Response(null, { status: 500 }) : answer();
  });
  const result = provenanceOf(`http://127.0.0.1:${server.addr.port}/`, "0.2.0", () => {
    pauses++;
    return Promise.resolve();
  });
  const error = await result.then(() => undefined, (error: Error) => error.message);
  return { logId: error === undefined ? await result : undefined, error, paths, pauses };
}

Deno.test("a version with provenance passes at once", async () => {
  const { logId, paths, pauses } = await ask([() => Response.json({ rekorLogId: "123" })]);
  assertEquals(logId, "123");
  assertEquals(paths, ["/api/scopes/roomz/packages/roomz/versions/0.2.0"]);
  assertEquals(pauses, 0);
});

Deno.test("a version that takes a moment to appear is asked for again", async () => {
  const { logId, pauses } = await ask([
    () => new Response(null, { status: 404 }),
    () => Response.json({ rekorLogId: null }),
    () => Response.json({ rekorLogId: "123" }),
  ]);
  assertEquals({ logId, pauses }, { logId: "123", pauses: 2 });
});

const withoutProvenance: readonly [answer: () => Response, problem: string][] = [
  [() => Response.json({ rekorLogId: null }), "without provenance"],
  [() => Response.json({ rekorLogId: "" }), "without provenance"],
  [() => Response.json({ version: "0.2.0" }), "without provenance"],
  [() => Response.json(null), "without provenance"],
  [() => Response.json("123"), "without provenance"],
  [() => new Response("<p>down</p>"), "does not answer"],
  [() => new Response(null, { status: 404 }), "status 404"],
  [() => new Response(null, { status: 503 }), "status 503"],
];
for (const [index, [answer, problem]] of withoutProvenance.entries()) {
  Deno.test(`a version that stays without provenance fails, and the remedy is named (${index + 1})`, async () => {
    const { error = "", pauses } = await ask([answer]);
    assertStringIncludes(error, problem);
    assertStringIncludes(error, "release the next patch version");
    assertEquals(pauses, 9);
  });
}

Deno.test("a registry that cannot be reached fails", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  listener.close();
  await assertRejects(
    () => provenanceOf(url, "0.2.0", () => Promise.resolve()),
    Error,
    "does not answer",
  );
});
