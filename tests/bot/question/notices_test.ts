/**
 * What is said about questions, and that others recognise exactly that.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  answered,
  howToAnswer,
  questionAgain,
  questionTexts,
  readNotice,
  stillOpen,
  withdrawn,
} from "../../../bot/question/notices.ts";
import { choiceType, valueTypes } from "../../../bot/signature/value_types.ts";

Deno.test("everything that is said about questions is recognised by others", () => {
  const yesNo = choiceType(["yes", "n(o)"]);
  assertEquals(questionTexts("Deploy 1.4?", "k7m", yesNo), ["Deploy 1.4? (yes|n(o)) [k7m]"]);
  assertEquals(readNotice("Deploy 1.4? (yes|no) [k7m]"), {
    kind: "question",
    handle: "k7m",
    text: "Deploy 1.4?",
  });
  for (const type of Object.values(valueTypes)) {
    const [text = ""] = questionTexts("One\ntwo?", "k7m", type);
    assertEquals(readNotice(text), { kind: "question", handle: "k7m", text: "One\ntwo?" });
    assertEquals(readNotice(questionAgain("One?", "k7m", type)[0] ?? "")?.kind, "question");
  }
  const listed = Array.from(
    { length: 20 },
    (_, n) => ({ handle: `a${2 + n % 8}b`, text: "[c3d] x" }),
  );
  const found = stillOpen(listed).map((text) => readNotice(text));
  assertEquals(
    found.flatMap((notice) => notice?.kind === "open" ? notice.questions : []).map((one) =>
      one.handle
    ),
    listed.map(({ handle }) => handle),
  );
  assertEquals(readNotice(withdrawn("k7m")), { kind: "closed", handle: "k7m" });
  assertEquals(answered("k7m", "yes\u202e\nplease"), "[k7m] yes\ufffd please ✓");
  assertEquals(readNotice(answered("k7m", "x".repeat(999))), { kind: "closed", handle: "k7m" });
  assertEquals(readNotice(howToAnswer([{ handle: "k7m", text: "?" }], "yes")), { kind: "how" });
  assertEquals(readNotice(howToAnswer(listed, "yes")), { kind: "how" });
});

Deno.test("a question that is too long for one message ends in a message of its own", () => {
  const texts = questionTexts("x".repeat(995), "k7m", valueTypes.int);
  assertEquals(texts, ["x".repeat(995), "(whole number) [k7m]"]);
  assertEquals(readNotice(texts[1] ?? "")?.kind, "question");
  assertEquals(questionAgain("x".repeat(950), "k7m", valueTypes.int).length, 2);
});

Deno.test("of many open questions, eight are listed and the others counted", () => {
  const questions = Array.from(
    { length: 10 },
    (_, n) => ({ handle: `a${n % 8 + 2}b`, text: `${n}?` }),
  );
  const [, ...lines] = howToAnswer(questions, "yes").split("\n");
  assertEquals(lines.map((line) => line.replace(/^\[\w{3}\] /, "")), [
    ...["0?", "1?", "2?", "3?", "4?", "5?", "6?", "7?"],
    "… and 2 more",
  ]);
  assertEquals(howToAnswer(questions.slice(0, 8), "yes").includes("more"), false);
});

const others = [
  "yes [k7m]",
  "[k7m] yes",
  "see the footnote [1]",
  "a list: [a, b]",
  "(see above) [k77]",
  "Deploy? (yes|no)[k7m]",
  "Deploy? (yes|no) [k7m] please",
  "Deploy? yes|no) [k7m]",
  "Withdrawn: k7m",
  "Still open: the shop",
  "done ✓",
  "[x] done ✓",
  "#k7m",
  "",
];
Deno.test("what people write is not taken for it", () => {
  for (const text of others) assertEquals(readNotice(text), undefined, text);
});

Deno.test("hostile messages are read in time that grows with their length", () => {
  const start = performance.now();
  for (const part of ["(", "(x) [k7m", "[", "\n[k7m] ", " "]) {
    for (const end of ["(x) [k7m]", "✓", "]"]) {
      readNotice(`Still open:${part.repeat(50_000)}${end}`);
    }
  }
  assert(performance.now() - start < 2_000);
});
