import type { View } from "../../src/domain/decide.ts";
import type { Organization, World } from "../../test/simulator/index.ts";
import { createSimulator } from "../../test/simulator/index.ts";
import { storeOf } from "../reference/facts.ts";
import { referenceOrganization } from "../reference/organization.ts";

/**
 * The reference organization with all repositories private: what every member may read would make the
 * materialised map several times as large, and casbin's rules as well.
 */
export function privateOrganization(): { world: World; organization: Organization; view: View } {
  const now = Date.UTC(2026, 0, 1);
  const github = createSimulator({ webhookSecret: "of-no-consequence", clock: () => now });
  const organization = referenceOrganization(github);
  for (const repository of organization.repositories.values()) repository.visibility = "private";
  return { world: github.world, organization, view: storeOf(github.world, organization, now).view() };
}
