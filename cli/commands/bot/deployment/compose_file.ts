/**
 * A bot as a service of Docker Compose.
 * @module
 */
import { environmentFile, IMAGE_PLACES, imageName } from "./container_image.ts";
import { type Deployment, stopSeconds } from "./deployment.ts";

/** The compose file. `context` and `dockerfile` are paths relative to it, as `build` has them. */
export function composeFile(deployment: Deployment, context: string, dockerfile: string): string {
  const { name, fleet } = deployment;
  const [secret, stopping] = fleet === undefined
    ? ["The session, as ROOMZ_TOKEN=…", "Running handlers have ten seconds to finish."]
    : [
      "ROOMZ_FLEET_KEY and DENO_KV_ACCESS_TOKEN",
      "Accounts are handed over to other hosts first.",
    ];
  return `\
# A bot for Roomz. Made by: roomz bot deploy --compose
services:
  ${name}:
    image: ${imageName(deployment)}
    build:
      context: ${yamlText(context)}
      dockerfile: ${yamlText(dockerfile)}
    # ${secret}, and what else the bot reads. Only you may read this file.
    env_file: ${environmentFile(deployment)}
    restart: unless-stopped
    # ${stopping}
    stop_grace_period: ${stopSeconds(deployment)}s
    # The bot writes only to its volume.
    read_only: true
    tmpfs: /tmp
    volumes:
      - state:${IMAGE_PLACES.state}
    # No privileges, and none to be gained.
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    # A log that does not fill the disk.
    logging:
      driver: json-file
      options: { max-size: 10m, max-file: "3" }

volumes:
  state:
`;
}

/** A text in double quotes: JSON is YAML. Compose replaces variables that start with a dollar sign. */
function yamlText(text: string): string {
  return JSON.stringify(text).replaceAll("$", "$$$$");
}
