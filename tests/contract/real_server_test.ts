/**
 * The contract suite on the real server. Needs Python and PyPI.
 * @module
 */
import { skip } from "../support/skip.ts";
import { registerContract } from "./contract.ts";
import { findPythonWithRoomz } from "./support/python_environment.ts";
import { realTarget } from "./support/real_server.ts";

const found = await findPythonWithRoomz();
if ("python" in found) registerContract(realTarget(found.python));
else skip("the contract suite was not run on the real server", found.missing);
