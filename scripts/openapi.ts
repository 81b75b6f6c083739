import { writeFileSync } from "node:fs";
import { renderOpenApi } from "../src/http/contract/openapi.ts";

writeFileSync(new URL("../openapi.json", import.meta.url), renderOpenApi());
