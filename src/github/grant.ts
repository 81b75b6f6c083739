/** What an organization lets the App see. */
export interface Grant {
  readonly installation: number;
  /** A renamed organization has to be asked for by its new name. */
  readonly login: string;
  readonly permissions: Readonly<Record<string, string | undefined>>;
}
