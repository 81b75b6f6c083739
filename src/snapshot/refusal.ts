/** A snapshot that may not be used. `message` is a predicate, as in "is cut short"; `advice` says what to do, if anything. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly advice: string | undefined;

  constructor(message: string, advice?: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}
