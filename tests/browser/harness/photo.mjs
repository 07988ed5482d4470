// Photographs for the tests, drawn by the browser itself: each one another.
export async function makePhoto(page, words, type = 'image/jpeg') {
  const data = await page.evaluate(async ([text, type]) => {
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 480
    const draw = canvas.getContext('2d')
    draw.fillStyle = '#e8ebee'
    draw.fillRect(0, 0, 640, 480)
    draw.fillStyle = '#1d232a'
    draw.font = '36px sans-serif'
    draw.fillText(text, 40, 240)
    return canvas.toDataURL(type, 0.9)
  }, [words, type])
  return { name: 'photo.jpg', mimeType: type, buffer: Buffer.from(data.split(',')[1], 'base64') }
}
