/**
 * The sidebar: every page of docs/, in reading order. A test fails for a page that is missing here.
 * @module
 */

/** A heading of the sidebar. */
export interface PageGroup {
  readonly title: string;
  /** The name of each page's file in docs/, without `.md`, and its title in the sidebar. */
  readonly pages: Readonly<Record<string, string>>;
}

/** All pages but the home page. */
export const PAGE_GROUPS: readonly PageGroup[] = [
  {
    title: "Start here",
    pages: {
      install: "Install",
      quick_start: "Quick start",
      troubleshooting: "Troubleshooting",
      faq: "Questions and answers",
    },
  },
  {
    title: "Bots",
    pages: {
      bot: "A bot in ten minutes",
      signatures: "Signatures",
      middleware: "Middleware and groups",
      sessions_and_flows: "Sessions and flows",
      schedules: "Schedules",
      testing: "Testing",
      recipes: "Recipes",
    },
  },
  {
    title: "Programs and agents",
    pages: {
      client: "The client",
      migrating_from_python: "Coming from Python",
      agents: "AI agents",
    },
  },
  {
    title: "The command",
    pages: {
      cli: "The roomz command",
      development_server: "Development server",
    },
  },
  {
    title: "In production",
    pages: {
      deploying: "Deploying",
      running: "Running for months",
      scale: "Scale",
      security: "Security",
    },
  },
  {
    title: "Background",
    pages: {
      protocol: "The protocol",
      decisions: "Decisions",
    },
  },
];
