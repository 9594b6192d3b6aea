import type { MethodChoice } from "../../protocol/views.ts";

/** The method under the names that the SDK takes it by. */
export function methodOptions({ preset, settings, mode, adaptor }: MethodChoice): MethodChoice {
  return { preset, settings, mode, ...(adaptor === undefined ? {} : { adaptor }) };
}
