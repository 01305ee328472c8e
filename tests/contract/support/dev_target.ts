/**
 * The development server as a target of the contract suite.
 * @module
 */
import { createDevServer } from "@roomz/roomz/dev-server";
import { Mailbox } from "./mailbox.ts";
import { ALLOWED_EMAILS, JWT_SECRET, type Target } from "./target.ts";

/** Starts the server in this process with `createDevServer`. */
export const devTarget: Target = {
  name: "dev server",
  async start(options) {
    const mailbox = new Mailbox();
    const server = await createDevServer({
      ...options,
      port: 0,
      allowedEmails: ALLOWED_EMAILS,
      jwtSecret: JWT_SECRET,
      onMagicLink: ({ email, token }) => mailbox.deliver(email, token),
    });
    return {
      url: server.url,
      magicLinkToken: (email) => mailbox.take(email),
      dropConnections: () => server.disconnectAll(),
      stop: () => server.close(),
    };
  },
};
