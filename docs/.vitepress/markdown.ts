/**
 * Markdown as GitHub reads it: the pages of docs/ must look and link the same in both places.
 * @module
 */
import type { MarkdownOptions } from "vitepress";
import { githubSlug } from "./heading_id.ts";
import { nowrapFlags } from "./inline_code.ts";
import { outsideUrl } from "./outside_links.ts";

/** @param repository The repository's address, if it is known. */
export function markdownOptions(repository: string | undefined): MarkdownOptions {
  return {
    // `<word>` in a text is a word, and no page brings scripts.
    html: false,
    // Some colors of the default themes have too little contrast.
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    anchor: { slugify: githubSlug },
    // The reference sets ids with {:#id:}; braces elsewhere are text.
    attrs: { leftDelimiter: "{:", rightDelimiter: ":}", allowedAttributes: ["id"] },
    config(md) {
      const text = md.renderer.rules.text;
      md.renderer.rules.text = (...args) =>
        // Vue would evaluate what is between double braces.
        (text?.(...args) ?? "").replaceAll("{{", "&#123;&#123;");
      md.renderer.rules.code_inline = (tokens, index) =>
        `<code v-pre>${nowrapFlags(md.utils.escapeHtml(tokens[index]?.content ?? ""))}</code>`;

      md.core.ruler.push("outside_links", ({ tokens, env }) => {
        for (const { children } of tokens) {
          for (const [index, token] of (children ?? []).entries()) {
            if (token.type !== "link_open") continue;
            const url = outsideUrl(token.attrGet("href") ?? "", env.relativePath, repository);
            if (url === undefined) continue;
            token.attrSet("href", url ?? "#");
            if (url !== null) continue;
            token.hidden = true;
            const end = children?.slice(index).find(({ type }) => type === "link_close");
            if (end !== undefined) end.hidden = true;
          }
        }
      });
    },
  };
}
