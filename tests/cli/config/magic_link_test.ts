import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../../../cli/command_line/exit_code.ts";
import { readPastedToken, requireSameServer } from "../../../cli/config/magic_link.ts";

const LINK = "https://roomz.example/auth/verify?token=AbC-12_3";
const encoded = encodeURIComponent(LINK);

const links: readonly [what: string, pasted: string][] = [
  ["a link", LINK],
  ["with white space around", `  ${LINK} \n`],
  ["with other parameters", "https://roomz.example/auth/verify?utm=mail&token=AbC%2D12_3#top"],
  ["in angle brackets", `<${LINK}>`],
  ["in parentheses", `(${LINK})`],
  ["in quotes", `"${LINK}"`],
  ["in curly quotes", `“${LINK}”`],
  ["with a full stop behind it", `${LINK}.`],
  ["in a sentence", `Log in here: ${LINK}, within 15 minutes!`],
  ["in Markdown", `[Log in](${LINK})`],
  ["in bold Markdown", `**${LINK}**`],
  ["in Markdown with its text", `[${LINK}](${LINK})`],
  ["in HTML", `<a href="${LINK}">Log in</a>`],
  ["in HTML with entities", "https://roomz.example/auth/verify?a=b&amp;token=AbC-12_3"],
  ["as quoted-printable", "https://roomz.example/auth/verify?token=3DAbC-1=\n2_3"],
  ["as quoted-printable with CRLF", "https://roomz.ex=\r\nample/auth/verify?token=3DAbC-12_3"],
  [
    "by Outlook Safe Links",
    `https://eur01.safelinks.protection.outlook.com/?url=${encoded}&data=05%7C02%7C&reserved=0`,
  ],
  ["by Google", `https://www.google.com/url?q=${encoded}&sa=D&source=calendar`],
  [
    "by Google, inside Safe Links",
    `https://x.safelinks.protection.outlook.com/?url=${
      encodeURIComponent(`https://www.google.com/url?q=${encoded}`)
    }&data=1`,
  ],
  [
    "by Barracuda",
    `https://linkprotect.cudasvc.com/url?a=${encoded.toLowerCase().replace("abc", "AbC")}&c=E,1`,
  ],
  [
    "by Proofpoint v2",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__roomz.example_auth_verify-3Ftoken-3DAbC-2D12-5F3&d=Dw",
  ],
  ["by Proofpoint v3", `https://urldefense.com/v3/__${LINK}__;!!ABC!xyz$`],
  ["behind another link", `Read https://roomz.example/help first, then open ${LINK}`],
];
for (const [what, pasted] of links) {
  Deno.test(`the token is found in a link ${what}`, () => {
    assertEquals(readPastedToken(pasted), { token: "AbC-12_3", host: "roomz.example" });
  });
}

const alone: readonly [pasted: string, token: string][] = [
  ["AbC-12_3\n", "AbC-12_3"],
  ["head.payload.signature", "head.payload.signature"],
  ["CLI: /token AbC-12_3", "AbC-12_3"],
  ["/token AbC-12_3", "AbC-12_3"],
  ['"AbC-12_3"', "AbC-12_3"],
  ["<AbC-12_3>.", "AbC-12_3"],
  ["`AbC-12_3`", "AbC-12_3"],
];
for (const [pasted, token] of alone) {
  Deno.test(`${JSON.stringify(pasted)} is a token without a link`, () => {
    assertEquals(readPastedToken(pasted), { token, host: undefined });
  });
}

const nothing = [
  "http://localhost:8000/auth/verify",
  "http://localhost:8000/auth/verify?token=",
  "http://localhost:8000/?token=AbC",
  "https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Froomz.example%2F&data=1",
  "https://a.example/%E0%A4%A?u=%",
  "two words",
  "",
];
for (const pasted of nothing) {
  Deno.test(`${JSON.stringify(pasted)} holds no token`, () => {
    assertEquals(readPastedToken(pasted), undefined);
  });
}

const same: readonly [host: string | undefined, server: string][] = [
  [undefined, "http://localhost:8000/"],
  ["roomz.example", "https://roomz.example/"],
  ["ROOMZ.example", "https://roomz.example/"],
  ["roomz.example:80", "https://roomz.example/"],
  ["localhost:8000", "http://127.0.0.1:8000/"],
  ["[::1]:8000", "http://localhost:8000/"],
];
for (const [host, server] of same) {
  Deno.test(`a link of ${host} is for ${server}`, () => {
    requireSameServer({ token: "t", host }, server);
  });
}

const other: readonly [host: string, server: string][] = [
  ["evil.example", "https://roomz.example/"],
  ["roomz.example.evil.example", "https://roomz.example/"],
  ["localhost:8001", "http://localhost:8000/"],
  ["roomz.example:8000", "https://roomz.example/"],
  ["example", "https://roomz.example/"],
  ["127.0.0.2:8000", "http://localhost:8000/"],
];
for (const [host, server] of other) {
  Deno.test(`a link of ${host} is refused by ${server}, without its token`, () => {
    const error = assertThrows(
      () => requireSameServer({ token: "s3cret", host }, server),
      CommandError,
      `That link is for ${host}, not for ${server}`,
    );
    assertEquals(error.message.includes("s3cret"), false);
  });
}
