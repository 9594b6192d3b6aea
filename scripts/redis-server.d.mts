export interface RunningRedis {
  readonly port: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}
export function findRedis(): string | undefined;
export function freePort(): Promise<number>;
export function startRedis(
  program: string,
  folder: string,
  port: number,
  more?: readonly string[],
): Promise<RunningRedis>;
