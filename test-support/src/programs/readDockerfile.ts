import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DockerfileParser, type Instruction } from 'dockerfile-ast';

const dockerfilePath = fileURLToPath(new URL('../../../deploy/docker/gateway.Dockerfile', import.meta.url));

/** What an image says of the containers that are made of it. */
export interface ImageSettings {
  readonly env: Readonly<Record<string, string>>;
  /** `uid:gid` */
  readonly user: string | undefined;
  readonly exposed: readonly number[];
  readonly volumes: readonly string[];
  /** Empty where it is no list, and a shell would stand between. */
  readonly entrypoint: readonly string[];
  readonly stopSignal: string | undefined;
  /** The images that it is built from, a build argument's default in place of its name. */
  readonly bases: readonly string[];
}

function words(instruction: Instruction | undefined): string[] {
  return instruction?.getArguments().map((argument) => argument.getValue()) ?? [];
}

/** Reads the settings of the last stage, and what all stages come from. */
export function readDockerfile(path = dockerfilePath): ImageSettings {
  const dockerfile = DockerfileParser.parse(readFileSync(path, 'utf8'));
  const froms = dockerfile.getFROMs();
  const stages = new Set(froms.map((from) => from.getBuildStage()));
  const defaults = new Map(
    dockerfile
      .getARGs()
      .map((argument) => argument.getProperty())
      .map((property) => [`\${${property?.getName()}}`, property?.getValue() ?? '']),
  );
  const last = froms.at(-1)?.getRange()?.start.line ?? 0;
  const ofLastStage = dockerfile.getInstructions().filter((one) => (one.getRange()?.start.line ?? 0) > last);
  const only = (keyword: string) => ofLastStage.filter((one) => one.getKeyword() === keyword);
  const env = dockerfile
    .getENVs()
    .filter((one) => (one.getRange()?.start.line ?? 0) > last)
    .flatMap((one) => one.getProperties())
    .map((property) => [property.getName(), property.getValue() ?? ''] as const);
  const entrypoint = dockerfile.getENTRYPOINTs().at(-1);
  return {
    env: Object.fromEntries(env),
    user: words(only('USER').at(-1))[0],
    exposed: only('EXPOSE').flatMap(words).map(Number),
    volumes: only('VOLUME').flatMap(words),
    entrypoint: entrypoint?.getJSONStrings().map((part) => part.getJSONValue()) ?? [],
    stopSignal: words(only('STOPSIGNAL').at(-1))[0],
    bases: froms
      .map((from) => from.getImage() ?? '')
      .map((image) => defaults.get(image) ?? image)
      .filter((image) => !stages.has(image)),
  };
}
