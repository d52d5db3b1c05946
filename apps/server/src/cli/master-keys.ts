import type { Config } from "../config.ts";
import { loadMasterKeys, type MasterKeys } from "../db/master-key.ts";

/**
 * The master keys that this process works with, the newest first: those of the settings, or those
 * of the data folder, where one is made when there is none.
 * @throws SlotwireError E_CONFIG when the data folder's file holds no key
 */
export async function masterKeysOf({
  masterKey,
  previousMasterKeys,
  dataDir,
}: Pick<Config, "masterKey" | "previousMasterKeys" | "dataDir">): Promise<MasterKeys> {
  const [newest, ...older] = masterKey === null ? await loadMasterKeys(dataDir) : [masterKey];
  return [newest, ...older, ...previousMasterKeys];
}
