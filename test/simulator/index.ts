export { type Acme, acmeOrganization } from "./acme.ts";
export { generateOrganization, type OrganizationShape } from "./generate.ts";
export type * from "./model.ts";
export { type Permission, type Truth, truth } from "./oracle.ts";
export { createSimulator, type Simulator, type SimulatorOptions } from "./simulator.ts";
