import { assertEquals } from "@std/assert";
import { tokenOf } from "../../../cli/config/magic_link.ts";

const cases: readonly [pasted: string, token: string][] = [
  ["http://localhost:8000/auth/verify?token=AbC-12_3", "AbC-12_3"],
  ["  https://roomz.example/auth/verify?utm=mail&token=AbC%2D12#top \n", "AbC-12"],
  ["AbC-12_3\n", "AbC-12_3"],
  ["head.payload.signature", "head.payload.signature"],
  ["CLI: /token AbC-12_3", "AbC-12_3"],
  ["/token AbC-12_3", "AbC-12_3"],
  ["http://localhost:8000/auth/verify", ""],
  ["http://localhost:8000/auth/verify?token=", ""],
  ["two words", ""],
  ["", ""],
];
for (const [pasted, token] of cases) {
  Deno.test(`${JSON.stringify(pasted)} holds ${token === "" ? "no token" : token}`, () => {
    assertEquals(tokenOf(pasted), token);
  });
}
