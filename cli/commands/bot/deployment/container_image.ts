/**
 * A bot as a container image: its Dockerfile, and what does not belong in the image.
 * @module
 */
import { shellWord } from "../../../command_line/shell_word.ts";
import { HEALTH_PATH } from "../../../http/health_endpoint.ts";
import { addressText, type ListenAddress } from "../../../http/listen_address.ts";
import {
  COMMAND,
  commandWords,
  denoFlags,
  type Deployment,
  fileWord,
  type Places,
} from "./deployment.ts";

/** Where things are in the image. */
export const IMAGE_PLACES: Places = { project: "/bot", state: "/state" };

/** The user `nonroot` of distroless images, by number: orchestrators do not look up names. */
const USER = "65532:65532";

/** The name of the image. */
export function imageName({ name }: Deployment): string {
  return `roomz-${name}`;
}

/** The file with the session, next to the Dockerfile; never part of the image. */
export function environmentFile({ name }: Deployment): string {
  return `${name}.env`;
}

/** The Dockerfile, for the Deno of version `deno`. */
export function dockerfile(deployment: Deployment, deno: string): string {
  const { server, health, fleet } = deployment;
  const { project, state } = IMAGE_PLACES;
  const healthCheck = health === undefined ? "HEALTHCHECK NONE" : `\
# Healthy while ${
    fleet === undefined
      ? "the bot is connected, or lost its connection less than a minute ago"
      : "at least half of the accounts are connected, and the database answered in the last minute"
  }.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \\
  CMD ${JSON.stringify(["/bin/deno", "eval", "--no-config", healthCheckProgram(health)])}`;
  const words = [
    "run",
    "--cached-only",
    ...denoFlags(deployment, IMAGE_PLACES),
    COMMAND,
    ...commandWords(deployment),
  ];
  return `\
# A bot for Roomz. Made by: roomz bot deploy --docker

# Downloads the packages, and checks that the bot can be loaded.
FROM denoland/deno:${deno} AS build
RUN mkdir ${state} && deno cache --no-config ${COMMAND}
WORKDIR ${project}
COPY . .
RUN deno run --allow-all --unstable-kv --no-config --no-lock \\
  ${COMMAND} bot check ${shellWord(fileWord(deployment))}

# The image: Deno, the packages and the bot. It has no shell.
FROM denoland/deno:distroless-${deno}
COPY --from=build /deno-dir /deno-dir
COPY --from=build ${project} ${project}
COPY --from=build --chown=${USER} ${state} ${state}
WORKDIR ${project}
ENV DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
ENV XDG_STATE_HOME=${state}${fleet === undefined ? ` ROOMZ_SERVER_URL=${quoted(server)}` : ""}
USER ${USER}
VOLUME ${state}

${healthCheck}

# The permissions of the bot, and no others. ${
    fleet === undefined
      ? "The session comes from outside, in ROOMZ_TOKEN"
      : "The fleet's key comes from outside, in ROOMZ_FLEET_KEY"
  }.
CMD [ \\
  ${words.map((word) => JSON.stringify(word)).join(", \\\n  ")} \\
]
`;
}

/** A text in double quotes, in which a dollar sign would start a variable. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("$", "\\$");
}

/** What does not belong in the image: secrets, data, and what is downloaded again. */
export const DOCKERIGNORE = `\
# What is not copied into the image: secrets, data, and what is downloaded or built again.
**/*.env
**/.env*
**/*.token
**/*.key
**/*.secret
**/roomz.toml
**/*.kv
**/*.kv-*
**/.git
**/node_modules
**/coverage
**/Dockerfile*
**/compose.yaml
`;

/** Ends with 0 if the bot is healthy. The image has no curl, but Deno. */
function healthCheckProgram({ hostname, port }: ListenAddress): string {
  const loopback = new Map([["0.0.0.0", "127.0.0.1"], ["::", "::1"]]);
  const host = addressText({ hostname: loopback.get(hostname) ?? hostname, port });
  return `const answer = await fetch("http://${host}${HEALTH_PATH}"); ` +
    "console.log(await answer.text()); Deno.exit(answer.ok ? 0 : 1);";
}
