/**
 * The contract suite on the development server.
 * @module
 */
import { registerContract } from "./contract.ts";
import { devTarget } from "./support/dev_target.ts";

registerContract(devTarget);
