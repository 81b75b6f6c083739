export { acmeOrganization } from "./acme.ts";
export { generateOrganization } from "./generate.ts";
export type * from "./model.ts";
export { truth } from "./oracle.ts";
export { createSimulator, type Simulator } from "./simulator.ts";
