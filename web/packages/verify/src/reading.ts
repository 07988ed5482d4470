// Files as they are handed in: dropped, chosen, whole folders, and pictures of a QR code.
import { fromUtf8, type Source } from '@shoumen/proof'
import jsQR from 'jsqr'

const largestSide = 2400

export function sourceOf(path: string, file: File): Source {
  return { path, size: file.size, bytes: async () => new Uint8Array(await file.arrayBuffer()) }
}

export function sourceOfText(path: string, text: string): Source {
  const bytes = Uint8Array.from(fromUtf8(text), (c) => c.charCodeAt(0))
  return { path, size: bytes.length, bytes: () => Promise.resolve(bytes) }
}

// The text of the QR code in a picture; none where there is no such code, or it is no picture.
export async function codeOf(file: Blob): Promise<string | undefined> {
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file)
  } catch {
    return undefined
  }
  const scale = Math.min(1, largestSide / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  const draw = canvas.getContext('2d')
  if (!draw) return undefined
  draw.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const { data, width, height } = draw.getImageData(0, 0, canvas.width, canvas.height)
  return jsQR(data, width, height)?.data || undefined
}

async function filesIn(entry: FileSystemEntry, path: string): Promise<{ path: string; file: File }[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail))
    return [{ path, file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: { path: string; file: File }[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail))
    if (some.length === 0) return found
    for (const inside of some) found.push(...(await filesIn(inside, `${path}/${inside.name}`)))
  }
}

// All files of a drop, with the folders they lie in.
export async function dropped(data: DataTransfer): Promise<{ path: string; file: File }[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return [...data.files].map((file) => ({ path: file.name, file }))
  return (await Promise.all(entries.map((entry) => filesIn(entry, entry.name)))).flat()
}
export const chosen = (files: FileList): { path: string; file: File }[] => [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
