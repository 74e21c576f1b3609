"""Why a file is not taken."""

from chalicelib.kernel.errors import Invalid, TooManyRequests


class WrongFileType(Invalid):
    """The file is not a picture that is taken, whatever it calls itself."""

    code, title, title_zh = "wrong_file_type", "This type of file is not taken", "不支持的文件类型"


class WrongFileSize(Invalid):
    """The picture is empty or too large."""

    code, title, title_zh = "wrong_file_size", "The file has the wrong size", "文件大小不符合要求"


class TooManyPixels(Invalid):
    """The picture is larger than what a browser can be expected to show, however small its file is."""

    code, title, title_zh = "too_many_pixels", "The picture has too many pixels", "图片像素过多"


class TooManyUploads(TooManyRequests):
    """A member, or a brand's team, asked for more uploads than one needs in an hour."""

    code, title, title_zh = "too_many_uploads", "Too many uploads", "上传次数过多"


class PictureNotUploaded(Invalid):
    """There is no such picture of the brand's; it was never sent, or is another brand's."""

    code, title, title_zh = "picture_not_uploaded", "The picture was not uploaded", "图片尚未上传"


class PhotoNotUploaded(Invalid):
    """There is no such upload of the member's; it was never sent, or is somebody else's."""

    code, title, title_zh = "photo_not_uploaded", "The photo was not uploaded", "照片尚未上传"
