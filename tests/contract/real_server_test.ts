/**
 * The contract suite on the real server, where Python and PyPI can be had.
 * @module
 */
import { registerContract } from "./contract.ts";
import { findPythonWithRoomz } from "./python_environment.ts";
import { realTarget } from "./real_server.ts";
import { skip } from "../not_proved.ts";

const found = await findPythonWithRoomz();
if ("python" in found) registerContract(realTarget(found.python));
else skip("the contract suite was not run on the real server", found.missing);
