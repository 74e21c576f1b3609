"""Why a file is not taken."""

from chalicelib.kernel.errors import Invalid


class WrongFileType(Invalid):
    """The file is not a picture that is taken, whatever it calls itself."""

    code, title, title_zh = "wrong_file_type", "This type of file is not taken", "不支持的文件类型"


class WrongFileSize(Invalid):
    """The picture is empty or too large."""

    code, title, title_zh = "wrong_file_size", "The file has the wrong size", "文件大小不符合要求"


class PhotoNotUploaded(Invalid):
    """There is no such upload of the member's; it was never sent, or is somebody else's."""

    code, title, title_zh = "photo_not_uploaded", "The photo was not uploaded", "照片尚未上传"
